import { describeKernels } from '../helpers/kernel-suite';

describeKernels({ jobs: 60, side: 90, seeds: [7] });
