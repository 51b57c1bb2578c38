import { z } from 'zod';
import { type DecoderInput, inputArguments } from '../../media/probe.ts';
import { mediaFd, runFfmpeg } from './ffmpeg.ts';

const number = z.coerce.number().optional().catch(undefined);
const streamSchema = z.object({
  index: z.number().int(),
  codec_type: z.string().catch('unknown'),
  codec_name: z.string().catch('unknown'),
  codec_tag_string: z.string().optional().catch(undefined),
  profile: z.string().optional().catch(undefined),
  width: number,
  height: number,
  pix_fmt: z.string().optional().catch(undefined),
  sample_aspect_ratio: z.string().optional().catch(undefined),
  field_order: z.string().optional().catch(undefined),
  color_range: z.string().optional().catch(undefined),
  color_space: z.string().optional().catch(undefined),
  color_transfer: z.string().optional().catch(undefined),
  color_primaries: z.string().optional().catch(undefined),
  avg_frame_rate: z.string().optional().catch(undefined),
  time_base: z.string().optional().catch(undefined),
  sample_rate: number,
  channels: number,
  channel_layout: z.string().optional().catch(undefined),
  bit_rate: number,
  start_time: number,
  bits_per_raw_sample: number,
  disposition: z.object({ attached_pic: z.number().catch(0) }).catch({ attached_pic: 0 }),
  side_data_list: z.array(z.object({ rotation: z.number().optional().catch(undefined) })).catch([]),
});
const sourceSchema = z.object({
  streams: z.array(streamSchema).max(64),
  format: z.object({ duration: number, bit_rate: number, start_time: number }),
});
export type AvStream = z.infer<typeof streamSchema>;

/** What a label writer must know of a film or sound to keep everything else as it is. */
export interface AvSource {
  streams: AvStream[];
  /** First real picture stream; covers are none. */
  video: AvStream | null;
  audio: AvStream | null;
  durationSeconds: number | null;
  bitRate: number | null;
}

/** Asks ffprobe. Null when it cannot make sense of the file, or when there are more than 64 streams. */
export async function readAvSource(input: DecoderInput, demuxer: string, wallMs: number): Promise<AvSource | null> {
  let json = '';
  const args = [
    '-v',
    'error',
    ...inputArguments(demuxer, input, mediaFd),
    '-show_streams',
    '-show_format',
    '-of',
    'json',
  ];
  await runFfmpeg({
    program: 'ffprobe',
    args,
    input,
    wallMs,
    onOutput: (chunk) => {
      if (json.length < 4_000_000) json += chunk.toString('utf8');
    },
  });
  const parsed = sourceSchema.safeParse(parseJson(json));
  if (!parsed.success) return null;
  const { streams, format } = parsed.data;
  return {
    streams,
    video: streams.find((stream) => stream.codec_type === 'video' && stream.disposition.attached_pic === 0) ?? null,
    audio: streams.find((stream) => stream.codec_type === 'audio') ?? null,
    durationSeconds: format.duration ?? null,
    bitRate: format.bit_rate ?? null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
