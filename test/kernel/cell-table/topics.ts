import type { CellTopic } from './cell-case';
import { errors } from './errors';
import { imports } from './imports';
import { language } from './language';
import { notebook } from './notebook';

export const cellTopics: readonly CellTopic[] = [language, imports, notebook, errors];
