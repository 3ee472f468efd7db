export function ensureOpenCv(): string | undefined;
