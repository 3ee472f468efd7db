import { makeRunFolder } from './run-folder';

/** Before everything else of a run, so that it comes with a temp folder of its own. */
export default makeRunFolder;
