#!/bin/bash
# Stands in for ffmpeg where there is no camera: /dev/video3 is a test picture at a camera's pace, everything else is
# the real ffmpeg's. CAMERA_LASTS: seconds until it is unplugged; CAMERA_CODE: how ffmpeg ends then.
arguments=()
camera=no
while (($# > 0)); do
  if [[ "$1 $2 $3 $4" == "-f v4l2 -i /dev/video3" ]]; then
    camera=yes
    arguments+=(-re -f lavfi -i "testsrc=s=320x180:r=30${CAMERA_LASTS:+:d=$CAMERA_LASTS}")
    shift 4
  else
    arguments+=("$1")
    shift
  fi
done
if [[ $camera == no || -z ${CAMERA_LASTS-} ]]; then exec "$REAL_FFMPEG" "${arguments[@]}"; fi
"$REAL_FFMPEG" "${arguments[@]}"
echo "[error] /dev/video3: No such device" >&2
exit "$CAMERA_CODE"
