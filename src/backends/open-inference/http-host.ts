import { failureOf, isCertificate } from '../../http/failures';
import type { HttpAnswer } from '../../http/http-answer';
import type { HttpClient, Message } from '../../http/http-client';
import { RemoteError } from './remote-error';

/** Codes of failures after which nothing has reached the server, or the connection was cut. */
const cutCodes = [
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'EAI_AGAIN'],
  ...['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'],
];

/** A server that is asked over HTTP. */
export class HttpHost {
  /**
   * @param url without a slash at its end, and without a login
   * @param headers of each request
   * @param options what the names of options begin with, for errors
   */
  constructor(
    readonly url: string,
    readonly headers: Readonly<Record<string, string>>,
    private readonly client: HttpClient,
    private readonly options = 'backend.',
  ) {}

  /** @throws RemoteError */
  async send(path: string, message: Message): Promise<HttpAnswer> {
    const headers = { ...this.headers, ...message.headers };
    const url = `${this.url}${path}`;
    return this.reading(url, message.signal, () => this.client.send(url, { ...message, headers }));
  }

  /** Failures of the connection in plain words. */
  async reading<T>(url: string, signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof RemoteError || signal?.aborted) throw error;
      const { code, reason } = failureOf(error);
      const isRefused = code === 'ECONNREFUSED';
      const isOther = code.startsWith('HPE_');
      const advice =
        isRefused || isOther ? `; ${isRefused ? 'is the server running, and ' : ''}is this its port for HTTP?` : '';
      const tls = isCertificate(code) ? `, or in ${this.options}tls.ca` : '';
      throw new RemoteError(url, `${reason}${tls}${advice}`, { cause: error, mayRepeat: cutCodes.includes(code) });
    }
  }
}
