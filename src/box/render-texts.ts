import type { ExplicitPlan } from '../contract/labelling.ts';
import type { ExplicitLabel } from '../engine/labels/explicit/image.ts';
import { acceptLabelText, labelTexts } from '../engine/labels/explicit/texts.ts';
import { RenderRefusal } from './refusals.ts';

/** What is drawn, from the plan. Throws a RenderRefusal for own words that lack an element (GB 45438-2025 clause 5). */
export function pictureLabel(plan: ExplicitPlan): ExplicitLabel {
  const { claim, lang, style, text, position } = plan;
  if (style === 'eu-icon') {
    return { kind: 'icon', word: claim === 'edited' ? 'MODIFIED' : 'GENERATED', arrangement: 'beside', position };
  }
  return { kind: 'text', texts: textsOf(text, claim, lang), position };
}

/** The preferred text first, then shorter ones for narrow pictures. */
function textsOf(own: string | undefined, claim: ExplicitPlan['claim'], lang: ExplicitPlan['lang']): readonly string[] {
  if (own === undefined) return labelTexts[claim][lang];
  const accepted = acceptLabelText(own);
  if (!accepted.accepted) throw new RenderRefusal(accepted.code, own);
  return [accepted.text];
}
