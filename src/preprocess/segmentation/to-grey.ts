import type { PixelStep } from '../pipeline';

/**
 * PaddleSeg's input with `img_channels: 1`: one grey channel, converted from colours like OpenCV (14-bit weights of
 * red, green and blue, rounded). For a JPEG file OpenCV uses the stored luma, which differs by 1 or 2.
 */
export const toGrey: PixelStep = {
  type: 'ToGrey',
  parameters: {},
  transform({ data, width, height, channels }) {
    const grey = new Uint8Array(width * height);
    for (let i = 0, from = 0; i < grey.length; i++, from += channels) {
      const [red, green, blue] = [data[from], data[from + 1], data[from + 2]] as [number, number, number];
      grey[i] = (red * 4899 + green * 9617 + blue * 1868 + 8192) >> 14;
    }
    return { data: grey, width, height, channels: 1 };
  },
};
