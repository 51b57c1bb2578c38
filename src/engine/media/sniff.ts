import { latin1, startsWith } from '../labels/containers/integers.ts';
import type { ByteSource } from './bytes.ts';
import { sniffAudioAfterJunk, sniffBareAudio, sniffTagged } from './sniff-audio.ts';
import { sniffBoxes } from './sniff-boxes.ts';
import { sniffMatroska } from './sniff-matroska.ts';
import { sniffOffice } from './sniff-office.ts';
import { sniffFlv, sniffOgg } from './sniff-streams.ts';
import { sniffText } from './sniff-text.ts';
import { sniffTransportStream } from './sniff-transport.ts';
import { audio, document, image, type Sniffed, video } from './sniffed.ts';

/**
 * What a file is, by its content and never by its name; null when it is none of the formats of the contract.
 *
 * Files that are several things at once are what their first bytes say: signatures at offset 0 come before formats that tolerate
 * bytes in front of them (PDF, MPEG audio, MPEG-TS). Reads a few tens of kilobytes; only box and element headers beyond that.
 *
 * Choices the contract leaves open: the ISO media format follows the brand (`M4A ` is m4a, an audio-only `isom` stays mp4 with kind
 * audio); MPEG audio layers I and II count as mp3; RIFX, RF64, BW64 and Sony Wave64 count as wav; an Ogg file with video is `ogg` even
 * when its first stream is Opus; HEIF brands that name no codec count as heic with MIME type image/heif.
 */
export function sniff(source: ByteSource): Sniffed | null {
  const head = source.read(0, 4096);
  if (head.length < 4) return null;
  return (
    sniffImage(head) ??
    sniffRiff(head) ??
    sniffBoxes(source, head) ??
    sniffMatroska(source, head) ??
    sniffFlv(source, head) ??
    sniffOgg(source, head) ??
    sniffOffice(source, head) ??
    sniffPdf(head.subarray(0, 5)) ??
    sniffTagged(source, head) ??
    sniffBareAudio(source, head) ??
    sniffTransportStream(source) ??
    sniffText(source) ??
    sniffPdf(head.subarray(0, 1024 + 4)) ??
    sniffAudioAfterJunk(source)
  );
}

function sniffImage(head: Uint8Array): Sniffed | null {
  if (startsWith(head, '\xff\xd8\xff')) return image('jpeg', 'image/jpeg');
  if (startsWith(head, '\x89PNG\r\n\x1a\n')) return image('png', 'image/png');
  const first = latin1(head, 0, 6);
  if (first === 'GIF87a' || first === 'GIF89a') return image('gif', 'image/gif');
  const tiff = first.slice(0, 4);
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(tiff)) return image('tiff', 'image/tiff');
  return null;
}

function sniffRiff(head: Uint8Array): Sniffed | null {
  const outer = latin1(head, 0, 4);
  const form = latin1(head, 8, 12);
  const riff = outer === 'RIFF' || outer === 'RIFX' || outer === 'RF64' || outer === 'BW64';
  if (riff && form === 'WAVE') return audio('wav', 'audio/wav');
  if (outer === 'RIFF' && form === 'WEBP') return image('webp', 'image/webp');
  // The last byte 0x19 is a known misspelling of old recorders; AVIX starts the later parts of an OpenDML file.
  if (outer === 'RIFF' && ['AVI ', 'AVI\x19', 'AVIX'].includes(form)) return video('avi', 'video/x-msvideo');
  // Sony Wave64: the four characters are the start of a GUID.
  if (startsWith(head, wave64Riff) && latin1(head, 24, 28) === 'wave') return audio('wav', 'audio/wav');
  return null;
}

function sniffPdf(head: Uint8Array): Sniffed | null {
  return latin1(head).includes('%PDF-') ? document('pdf', 'application/pdf') : null;
}

const wave64Riff = 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00';
