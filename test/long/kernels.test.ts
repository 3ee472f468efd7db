import { describeKernels } from '../helpers/kernel-suite';

describeKernels({ jobs: 250, side: 250, seeds: [11, 12] });
