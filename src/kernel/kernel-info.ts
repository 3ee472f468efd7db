import { packageVersion } from '../package-root';
import { type JsonObject, PROTOCOL_VERSION } from './jupyter-protocol';

/** The content of `kernel_info_reply`. */
export function kernelInfo(typeScriptVersion: string): JsonObject {
  const version = packageVersion();
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'paddlelab',
    implementation_version: version,
    banner: `paddlelab ${version}: TypeScript ${typeScriptVersion} on Node.js ${process.version} for Paddle models`,
    help_links: [
      { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
      { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
      { text: 'Paddle Inference', url: 'https://www.paddlepaddle.org.cn/inference/master/' },
    ],
    supported_features: [],
    language_info: {
      name: 'typescript',
      version: typeScriptVersion,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      nbconvert_exporter: 'script',
      // Both forms of a mode are in use: JupyterLab reads `mode`, the classic notebook `name` and `typescript`.
      codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
    },
  };
}
