/** A file on a server, and what is known of it beforehand. */
export interface RemoteFile {
  readonly url: string;
  /** Sent only to the server of `url`, not to one that it redirects to. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly size?: number;
  /** SHA-256 in hexadecimal digits. */
  readonly sha256?: string;
}
