import type { Place } from '../../../../src/contract/screening.ts';

/** Frames around the places of signals, over a picture; each carries the number of its signal. */
export function Boxes(props: {
  boxes: readonly { number: number; box: NonNullable<Place['box']> }[];
  width: number | null | undefined;
  height: number | null | undefined;
}) {
  const { boxes, width, height } = props;
  if (boxes.length === 0 || !width || !height) return null;
  const unit = Math.max(width, height) / 100;
  return (
    <svg className="boxes" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      {boxes.map(({ number, box: [x, y, boxWidth, boxHeight] }) => (
        <g key={number}>
          <rect x={x} y={y} width={boxWidth} height={boxHeight} strokeWidth={unit * 0.7} />
          <text x={x + unit} y={y + unit * 4.6} fontSize={unit * 4.4}>
            {number}
          </text>
        </g>
      ))}
    </svg>
  );
}
