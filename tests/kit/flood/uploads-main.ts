/** Honest uploads as a process of their own: told all in one line of JSON, tells every half second what was acknowledged. Ends with its standard input. */
import { fromHex } from '../../../shared/bytes/hex.ts';
import { upload } from './honest-upload.ts';

export interface UploadsOrder {
  readonly source: string;
  readonly partSize: number;
  readonly pace: number;
  readonly parcels: readonly { readonly parcel: string; readonly seed: string }[];
}

const { parcels, ...order } = JSON.parse(process.argv[2] ?? '') as UploadsOrder;
const uploads = await Promise.all(
  parcels.map(({ parcel, seed }) => upload({ ...order, parcel, seed: fromHex(seed, 32) })),
);
const tell = (ends: readonly { readonly parts: number; readonly lost: number }[] = []): void => {
  const { user, system } = process.cpuUsage();
  const acknowledged = uploads.map((each) => each.acknowledged());
  const troubles = uploads.map((each) => each.troubles);
  console.log(JSON.stringify({ acknowledged, troubles, ends, cpuSeconds: (user + system) / 1e6 }));
};
setInterval(() => tell(), 500).unref();
process.stdin.once('end', () => {
  void Promise.all(uploads.map((each) => each.end())).then((ends) => {
    tell(ends);
    process.exit(0);
  });
});
process.stdin.resume();
