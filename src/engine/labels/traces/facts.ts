import type { Place } from '../../../contract/screening.ts';
import type { Metadata } from '../metadata.ts';
import { readXmp, type XmpProperty } from '../xmp.ts';

/** One named text in a file, from a tag or from inside an XMP packet. */
export interface Fact {
  /** As the container writes it, `prefix:name` for XMP with the usual prefix of the namespace. */
  key: string;
  /** What kind of statement the key is, whatever the container calls it. */
  field: Field;
  value: string;
  place: Place & { location: string; path: string };
  /** Index of the metadata entry: facts of one XMP packet share it. */
  carrier: number;
}

/**
 * `software`: the program that wrote the file. `make`: device or maker. `credit`: credit line. `author`, `title`, `description`,
 * `comment`, `source`: free text of people and programs. `other`: everything else, under its own key.
 */
export type Field =
  | 'software'
  | 'make'
  | 'credit'
  | 'author'
  | 'title'
  | 'description'
  | 'comment'
  | 'source'
  | 'other';

/** More XMP packets than this in one file are not opened. */
const maxPackets = 16;

export function collectFacts(metadata: Metadata): Fact[] {
  const facts: Fact[] = [];
  let packets = 0;
  metadata.entries.forEach((entry, carrier) => {
    if (entry.kind === 'text') {
      const key = plainKey(entry.key);
      facts.push({ key, field: fieldOf(key, entry.place.location), value: entry.value, place: entry.place, carrier });
    }
    if (entry.kind === 'xmp' && packets < maxPackets) {
      packets += 1;
      for (const property of readXmp(entry.value).properties) {
        const key = xmpKey(property);
        const path = `${entry.place.path}/${property.path}`;
        const place = { ...entry.place, path };
        const field = fields.get(key.toLowerCase()) ?? 'other';
        for (const value of property.values) facts.push({ key, field, value, place, carrier });
      }
    }
  });
  return facts;
}

/** ID3 `TXXX:name` and iTunes `----:mean:name` are free names in a wrapper; QuickTime keys carry their namespace. */
function plainKey(key: string): string {
  if (key.startsWith('----:')) return key.slice(key.lastIndexOf(':') + 1);
  if (key.startsWith('TXXX:')) return key.slice('TXXX:'.length);
  if (/^(?:COMM|USLT):/.test(key)) return key.slice(0, 4);
  return key;
}

function fieldOf(key: string, location: string): Field {
  const name = key.toLowerCase().replace(/^com\.apple\.(?:quicktime|itunes)\./, '');
  // `Creator` and `Producer` are programs in a PDF and people elsewhere.
  if (location.startsWith('pdf.') && (name === 'creator' || name === 'producer')) return 'software';
  return fields.get(name) ?? 'other';
}

const fieldNames: [Field, string[]][] = [
  [
    'software',
    [
      'software',
      'encoder',
      'encoded_by',
      'encodedby',
      'encoded-by',
      'encoding_tool',
      'creator_tool',
      'creatortool',
      'tool',
      'generator',
      'writingapp',
      'muxingapp',
      'writing_app',
      'application',
      'metadatacreator',
      'tsse',
      'tenc',
      'tss',
      'ten',
      '©too',
      '©swr',
      '©enc',
      'isft',
      'itch',
      'processingsoftware',
      'hostcomputer',
      'xmp:creatortool',
      'stevt:softwareagent',
      'tiff:software',
      'exif:software',
      'pdf:producer',
    ],
  ],
  ['make', ['make', 'model', 'manufacturer', '©mak', '©mod', 'tiff:make', 'tiff:model']],
  ['credit', ['credit', 'photoshop:credit', '2:110']],
  [
    'author',
    [
      'author',
      'artist',
      'by-line',
      'tpe1',
      'tp1',
      '©art',
      'aart',
      '©aut',
      'iart',
      'composer',
      'tcom',
      '©wrt',
      'dc:creator',
      'tiff:artist',
      'xpauthor',
    ],
  ],
  ['title', ['title', 'tit2', 'tt2', '©nam', 'inam', 'name', 'dc:title', 'objectname', 'xptitle']],
  [
    'description',
    [
      'description',
      'imagedescription',
      'caption-abstract',
      'desc',
      'ldes',
      '©des',
      'synopsis',
      'dc:description',
      'tiff:imagedescription',
      'isbj',
      'subject',
    ],
  ],
  [
    'comment',
    [
      'comment',
      'comments',
      'usercomment',
      'xpcomment',
      'com',
      'comm',
      '©cmt',
      'icmt',
      'information',
      '©inf',
      'exif:usercomment',
      'jpeg.com',
      'gif.comment',
    ],
  ],
  ['source', ['source', 'photoshop:source', 'dc:source', '©src', 'isrc']],
];

const fields = new Map<string, Field>(
  fieldNames.flatMap(([field, names]) => names.map((name) => [name, field] as const)),
);

function xmpKey(property: XmpProperty): string {
  const prefix = prefixes[property.namespace] ?? property.prefix;
  return prefix === '' ? property.name : `${prefix}:${property.name}`;
}

/** Writers may bind any prefix: the namespace decides. */
const prefixes: Record<string, string> = {
  'http://ns.adobe.com/xap/1.0/': 'xmp',
  'http://ns.adobe.com/xap/1.0/mm/': 'xmpMM',
  'http://ns.adobe.com/xap/1.0/sType/ResourceEvent#': 'stEvt',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://ns.adobe.com/photoshop/1.0/': 'photoshop',
  'http://ns.adobe.com/exif/1.0/': 'exif',
  'http://ns.adobe.com/tiff/1.0/': 'tiff',
  'http://ns.adobe.com/pdf/1.3/': 'pdf',
  'http://iptc.org/std/Iptc4xmpExt/2008-02-29/': 'Iptc4xmpExt',
};
