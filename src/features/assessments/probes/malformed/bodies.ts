import { randomBytes } from 'node:crypto';
import type { Upload } from '../../target/service.ts';

export interface BadUpload extends Upload {
  subject: string;
}

/** Files as accidents and bad people make them. Harmless to a decoder that checks lengths before it believes them. */
export function badUploads(sound: { jpeg: Buffer; mp4: Buffer | null }, maxBytes: number | null): BadUpload[] {
  const { jpeg, mp4 } = sound;
  return [
    bad('empty', 'jpg', Buffer.alloc(0)),
    bad('noise', 'jpg', randomBytes(20_000)),
    bad('cut-off', 'jpg', jpeg.subarray(0, 400)),
    bad('text-called-picture', 'png', Buffer.from('<html><script>alert(1)</script></html>')),
    bad('huge-canvas', 'png', hugePng()),
    ...(mp4 ? [bad('cut-off-film', 'mp4', mp4.subarray(0, Math.min(2_000, mp4.length >> 2)))] : []),
    bad('endless-box', 'mp4', endlessBox()),
    ...(maxBytes === null
      ? []
      : [bad('oversized', 'jpg', Buffer.concat([jpeg, Buffer.alloc(maxBytes + 1024 * 1024)]))]),
  ];
}

const mimes = { jpg: 'image/jpeg', png: 'image/png', mp4: 'video/mp4' } as const;

function bad(subject: string, ending: keyof typeof mimes, bytes: Uint8Array): BadUpload {
  return { subject, name: `malformed-${subject}.${ending}`, bytes, mime: mimes[ending] };
}

/** The header of a picture of 65,000 × 65,000, and nothing after it. */
function hugePng(): Buffer {
  const signature = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const size = Buffer.from('0000fde80000fde80806000000', 'hex');
  return Buffer.concat([signature, size, Buffer.from('00000000', 'hex')]);
}

/** A box of MP4 that says it is 4 GB long, around itself. */
function endlessBox(): Buffer {
  return Buffer.concat([
    Buffer.from('ffffffff6d6f6f76', 'hex'),
    Buffer.from('fffffff06d6f6f76', 'hex'),
    Buffer.alloc(64),
  ]);
}
