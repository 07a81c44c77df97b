/** Which version this is: the same as in package.json, which the executable does not hold. */
export const VERSION = '0.1.0';
