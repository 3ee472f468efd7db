/** A page of the site, made from a markdown file of the repository. */
export interface Page {
  /** Path in the repository. */
  readonly source: string;
  /** Path on the site, without an extension. */
  readonly page: string;
  /** Text in the sidebar; the title of the page by default. */
  readonly text?: string;
}

export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
}

const guide = (name: string, text: string): Page => ({ source: `docs/${name}.md`, page: name, text });

/** All pages but the lessons and the API, which are generated: a new page is a line here. */
export const sections: readonly Section[] = [
  {
    title: 'Start',
    pages: [guide('install', 'Install'), guide('first-notebook', 'First notebook')],
  },
  {
    title: 'Guides',
    pages: [
      guide('own-models', 'Bring your own model'),
      guide('models', 'Models by name'),
      { source: 'src/datasets/README.md', page: 'datasets', text: 'Data sets' },
      guide('text', 'Read text'),
      guide('engines', 'Engines and precision'),
      guide('gpus', 'GPUs'),
      guide('kernels', 'JupyterLab, Hub and others'),
      guide('remote', 'Remote machines'),
      guide('remote-models', 'Models on a server'),
      guide('cells', 'What cells can do'),
      guide('serving', 'Serve models'),
      guide('many-machines', 'Folders over many machines'),
      guide('annotators', 'Annotators'),
      guide('beside-supervision', 'Beside supervision'),
      guide('fonts', 'Fonts'),
      guide('recipes', 'Recipes'),
    ],
  },
  {
    title: 'Coming from Python',
    pages: [
      guide('from-python-scripts', 'Deploy scripts'),
      { source: 'src/inference/README.md', page: 'inference-api', text: 'paddle.inference' },
      { source: 'src/preprocess/README.md', page: 'preprocessing', text: 'Preprocessing operators' },
    ],
  },
  {
    title: 'Reference',
    pages: [
      guide('reference', 'What works, calls, commands'),
      guide('errors', 'Errors by code'),
      guide('limits', 'Limits'),
      guide('platforms', 'Platforms'),
      { source: 'src/kernel/README.md', page: 'kernel', text: 'The notebook kernel' },
      { source: 'notebooks/models/README.md', page: 'demo-models', text: 'The demo models' },
      { source: 'CHANGELOG.md', page: 'changelog', text: 'Changes' },
    ],
  },
];

/** The home page, which is not in the sidebar. */
export const home: Page = { source: 'docs/index.md', page: 'index' };
