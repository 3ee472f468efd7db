{
  "targets": [
    {
      "target_name": "paddlelab",
      "sources": [
        "src/addon.cc",
        "src/completion.cc",
        "src/config.cc",
        "src/config_getters.cc",
        "src/config_methods.cc",
        "src/cubic_resize.cc",
        "src/draw_api.cc",
        "src/draw_filter.cc",
        "src/draw_list.cc",
        "src/draw_mask.cc",
        "src/draw_path.cc",
        "src/hooks.cc",
        "src/image_api.cc",
        "src/image_map.cc",
        "src/image_pipeline.cc",
        "src/js_values.cc",
        "src/label_map.cc",
        "src/library_api.cc",
        "src/joint_search.cc",
        "src/paddle_library.cc",
        "src/paste_mask.cc",
        "src/pillow_resize.cc",
        "src/postprocess_api.cc",
        "src/predictor.cc",
        "src/predictor_api.cc",
        "src/resample_axis.cc",
        "src/resident_code.cc",
        "src/resize.cc",
        "src/roaming_threads.cc",
        "src/run_length.cc",
        "src/shared_bands.cc",
        "src/standard_streams.cc",
        "src/tensor.cc",
        "src/warp_affine.cc",
        "src/wide_pass.cc",
        "src/worker.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++20", "-std=gnu++17"],
      "cflags_cc": ["-std=c++17", "-fexceptions", "-frtti", "-O3", "-Wall", "-Wextra", "-fvisibility=hidden", "-ffp-contract=off", "-msse4.1"],
      "libraries": ["-ldl", "-lpthread"]
    },
    {
      "target_name": "python_symbols",
      "type": "loadable_module",
      "sources": ["src/mkl_buffers.c", "src/python_symbols.c"],
      "cflags": ["-fvisibility=default", "-Wno-builtin-declaration-mismatch"]
    }
  ]
}
