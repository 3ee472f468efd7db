{
  "targets": [
    {
      "target_name": "paddlelab",
      "sources": [
        "src/binding/addon.cc",
        "src/binding/completion.cc",
        "src/binding/draw_api.cc",
        "src/binding/image_api.cc",
        "src/binding/js_values.cc",
        "src/binding/library_api.cc",
        "src/binding/postprocess_api.cc",
        "src/binding/predictor_api.cc",
        "src/binding/standard_streams_api.cc",
        "src/draw/display_list.cc",
        "src/draw/filter.cc",
        "src/draw/mask.cc",
        "src/draw/path.cc",
        "src/image/cubic_resize.cc",
        "src/image/horizontal_pass_avx2.cc",
        "src/image/joint_search.cc",
        "src/image/label_map.cc",
        "src/image/paste_mask.cc",
        "src/image/pillow_resize.cc",
        "src/image/pipeline.cc",
        "src/image/pixel_map.cc",
        "src/image/resample_axis.cc",
        "src/image/resize.cc",
        "src/image/run_length.cc",
        "src/image/shared_bands.cc",
        "src/image/warp_affine.cc",
        "src/paddle/code_pages.cc",
        "src/paddle/config.cc",
        "src/paddle/config_getters.cc",
        "src/paddle/config_methods.cc",
        "src/paddle/hooks.cc",
        "src/paddle/library.cc",
        "src/paddle/mixed_precision.cc",
        "src/paddle/predictor.cc",
        "src/paddle/standard_streams.cc",
        "src/paddle/tensor.cc",
        "src/paddle/thread_affinity.cc",
        "src/paddle/worker.cc"
      ],
      "include_dirs": ["src", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++20", "-std=gnu++17"],
      "cflags_cc": ["-std=c++17", "-fexceptions", "-frtti", "-O3", "-Wall", "-Wextra", "-fvisibility=hidden", "-ffp-contract=off"],
      "conditions": [["target_arch=='x64'", {"cflags_cc": ["-msse4.1"]}]],
      "libraries": ["-ldl", "-lpthread"]
    },
    {
      "target_name": "paddle_stubs",
      "type": "loadable_module",
      "sources": ["src/paddle/cpython_stubs.c", "src/paddle/mkl_free_buffers.c"],
      "cflags": ["-fvisibility=default", "-Wno-builtin-declaration-mismatch"]
    }
  ]
}
