/** Sixteen threads for Node's file work in place of four: a lane that waits for the disk to say "durable" holds one. Imported first, before any is made. */

process.env['UV_THREADPOOL_SIZE'] ??= '16';
