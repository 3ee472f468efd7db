import { makeRunFolder } from './run-folder';

/** Runs first, so that the whole run has its own temp folder. */
export default makeRunFolder;
