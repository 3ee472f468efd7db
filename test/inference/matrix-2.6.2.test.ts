import { testRuntime } from './matrix-suite';

testRuntime('2.6.2');
