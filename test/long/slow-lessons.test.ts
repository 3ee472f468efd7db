import { test } from 'vitest';
import { checkLesson, slowLessons } from '../helpers/lessons';

test.each(slowLessons)('%s runs from the top, with the same outputs as saved', { timeout: 900_000 }, checkLesson);
