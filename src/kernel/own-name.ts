/** The name under which cells import this package. */
export const OWN_NAME = 'paddlelab';
