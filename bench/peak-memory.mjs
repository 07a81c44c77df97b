/** Preloaded into a program that is measured: at its end it writes the most memory it ever had resident to stderr, as `N kB`. */
process.on('exit', () => {
  process.stderr.write(`${process.resourceUsage().maxRSS} kB\n`);
});
