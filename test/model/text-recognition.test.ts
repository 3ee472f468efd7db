import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readModelSpec } from '../../src/layouts/layouts';
import { makeFolder } from '../helpers/folders';

/** A folder with a program of Paddle 2 and these files. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = makeFolder();
  for (const [name, text] of Object.entries({ 'inference.pdmodel': '', 'inference.pdiparams': '', ...files })) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

const paddlex = `
Global:
  model_name: PP-OCRv5_mobile_rec
PreProcess:
  transform_ops:
  - DecodeImage: {channel_first: false, img_mode: BGR}
  - MultiLabelEncode: {gtc_encode: NRTRLabelEncode}
  - RecResizeImg: {image_shape: [3, 48, 320]}
  - KeepKeys: {keep_keys: [image, label_ctc, label_gtc, length, valid_ratio]}
PostProcess:
  name: CTCLabelDecode
  character_dict: ["　", 一, '1', 2, "'", "y"]
`;

const usual = { name: 'CTCLabelDecode', character_dict_path: 'keys.txt' } as const;

describe('recognisers of lines of text', () => {
  test('are read from the inference.yml of PaddleX, with blank and space beside the dictionary', async () => {
    const spec = await readModelSpec(await folderOf({ 'inference.yml': paddlex }));
    expect(spec).toMatchObject({
      ...{ layout: 'PaddleX', family: 'PaddleX', task: 'text-recognition', arch: 'PP-OCRv5_mobile_rec' },
      ...{ labels: [], inputSize: undefined },
      outputs: { textRecognition: { characters: ['', '　', '一', '1', '2', "'", 'y', ' '], visualOrder: false } },
      conventions: { batches: 'padded', batchOrder: 'by aspect ratio' },
    });
    expect(spec.preprocess.map(({ type }) => type)).toEqual([
      ...['DecodeImage', 'MultiLabelEncode', 'RecResizeImg', 'KeepKeys'],
    ]);
    expect(spec.preprocess[2]?.parameters).toEqual({ height: 48, width: 320, widest: 3200 });
  });

  test('of Arabic write from left to right', async () => {
    const arabic = paddlex.replace('PP-OCRv5', 'arabic_PP-OCRv5');
    const { outputs } = await readModelSpec(await folderOf({ 'inference.yml': arabic }));
    expect(outputs.textRecognition?.visualOrder).toBe(true);
  });

  test.each(['ppocr_keys_v1.txt', 'en_dict.txt', 'dict.txt', 'keys.txt', 'ppocrv5_dict.txt'])(
    'need no configuration beside their dictionary: %s',
    async (name) => {
      // Windows' line ends, a space, and an empty line, which stands for a character as in Python.
      const spec = await readModelSpec(await folderOf({ [name]: 'a\r\n \n\n👍\n' }));
      expect(spec).toMatchObject({
        ...{ layout: 'Program without configuration', family: 'PaddleOCR', task: 'text-recognition' },
        outputs: { textRecognition: { characters: ['', 'a', ' ', '', '👍', ' '] } },
        files: { config: undefined },
      });
      expect(spec.preprocess.map(({ type }) => type)).toEqual(['DecodeImage', 'RecResizeImg']);
    },
  );

  test('get their dictionary from the option config, as a list or as a file in the folder of the model', async () => {
    const folder = await folderOf({ 'more/keys.txt': 'x\ny', 'keys.txt': 'a\nb' });
    const charactersOf = async (PostProcess: object, more: object = {}): Promise<readonly string[] | undefined> => {
      const { outputs } = await readModelSpec(folder, { config: { PostProcess, ...more } });
      return outputs.textRecognition?.characters;
    };
    expect(await charactersOf(usual)).toEqual(['', 'a', 'b', ' ']);
    expect(await charactersOf({ ...usual, character_dict_path: 'more/keys.txt' })).toEqual(['', 'x', 'y', ' ']);
    // As in PaddleOCR's configurations, whose paths begin at its sources.
    const training = { character_dict_path: 'ppocr/utils/keys.txt', use_space_char: false };
    expect(await charactersOf({ name: 'CTCLabelDecode' }, { Global: training })).toEqual(['', 'a', 'b']);
    expect(await charactersOf({ name: 'CTCLabelDecode', character_dict: ['q', 7] })).toEqual(['', 'q', '7', ' ']);
  });

  test('take the parameters of RapidOCR if asked', async () => {
    const folder = await folderOf({ 'keys.txt': 'a\nb' });
    const { preprocess } = await readModelSpec(folder, { config: { PostProcess: usual, preset: 'rapidocr' } });
    expect(preprocess[1]?.parameters).toEqual({ height: 48, width: 320, sharesWidth: true });
    const wrong = readModelSpec(folder, { config: { PostProcess: usual, preset: 'rapid' } });
    await expect(wrong).rejects.toThrow(/preset: Expected one of paddlex, rapidocr but received "rapid"/);
  });

  test('keep their preprocessing where only tensors are wanted', async () => {
    const folder = await folderOf({ 'keys.txt': 'a\nb' });
    const { preprocess } = await readModelSpec(folder, { assumedTask: 'tensors' });
    expect(preprocess.map(({ type }) => type)).toEqual(['DecodeImage', 'RecResizeImg']);
  });

  test.each([
    ['a missing dictionary', { name: 'CTCLabelDecode' }, /PostProcess: Expected the dictionary that the network/],
    [
      'a file that is not there',
      { name: 'CTCLabelDecode', character_dict_path: 'lost.txt' },
      /character_dict_path: Expected a file with a character on each line but lost\.txt does not exist in/,
    ],
    ['a list that is none', { name: 'CTCLabelDecode', character_dict: 'abc' }, /Expected list but received "abc"/],
  ])('refuse %s', async (_, PostProcess, message) => {
    const failure = readModelSpec(await folderOf({}), { config: { PostProcess } });
    await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(failure).rejects.toThrow(message);
  });

  test('without any dictionary are refused, with the place to put it', async () => {
    const folder = await folderOf({});
    await expect(readModelSpec(folder, { assumedTask: 'text-recognition' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        `Expected the dictionary that the network was trained with but ${folder} has none; put it there as ` +
        "ppocr_keys_v1.txt or NAME_dict.txt, or name it: config: { PostProcess: { name: 'CTCLabelDecode', " +
        "character_dict_path: 'ppocr_keys_v1.txt' } }",
    });
  });

  test('refuse two dictionaries, steps without a size, and sizes that are none', async () => {
    const two = readModelSpec(await folderOf({ 'keys.txt': 'a', 'dict.txt': 'b' }));
    await expect(two).rejects.toThrow(
      /Expected one dictionary in .* but it has dict\.txt, keys\.txt; name one: config/,
    );
    const without = paddlex.replace(/ {2}- RecResizeImg.*\n/, '');
    await expect(readModelSpec(await folderOf({ 'inference.yml': without }))).rejects.toThrow(
      /transform_ops: Expected RecResizeImg, which resizes lines of text/,
    );
    const grey = paddlex.replace('[3, 48, 320]', '[1, 48, 320]');
    await expect(readModelSpec(await folderOf({ 'inference.yml': grey }))).rejects.toThrow(
      /image_shape\[0\]: Expected number from 3 to 3 but received 1/,
    );
  });
});
