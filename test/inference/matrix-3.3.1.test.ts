import { testRuntime } from './matrix-suite';

testRuntime('3.3.1');
