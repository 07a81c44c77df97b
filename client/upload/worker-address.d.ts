/** What the build gives for a worker's source: its address. */

declare module '*?worker&url' {
  const address: string;
  // oxlint-disable-next-line import/no-default-export -- the build's form
  export default address;
}
