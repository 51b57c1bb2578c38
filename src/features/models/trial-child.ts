import { text } from 'node:stream/consumers';
import { cardSchema } from '../../contract/card.ts';
import { tryDetector } from '../../engine/forensics/trial.ts';

/** The child of try-in-child.ts: model file as argument, card on stdin, one line of JSON on stdout. */
const [modelFile = ''] = process.argv.slice(2);
const card = cardSchema.parse(JSON.parse(await text(process.stdin)));
process.stdout.write(`${JSON.stringify(await tryDetector(modelFile, card))}\n`);
