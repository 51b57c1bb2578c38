/** A small line of figures over time, the newest marked. The table behind it holds the same numbers. */
export function Sparkline({ points }: { points: { day: string; value: number }[] }) {
  const sorted = points.toSorted((one, other) => one.day.localeCompare(other.day));
  const days = sorted.map(({ day }) => Date.parse(day));
  const values = sorted.map(({ value }) => value);
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  const top = Math.max(...values, 1);
  const x = (day: number) => (last === first ? width - 4 : 4 + ((width - 8) * (day - first)) / (last - first));
  const y = (value: number) => height - 4 - ((height - 8) * value) / top;
  const line = sorted.map(({ value }, index) => `${x(days[index] ?? 0)},${y(value)}`).join(' ');
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
      focusable="false"
    >
      {sorted.length > 1 && <polyline points={line} fill="none" stroke="currentColor" strokeWidth="1.5" />}
      <circle cx={x(last)} cy={y(values.at(-1) ?? 0)} r="2.5" fill="currentColor" />
    </svg>
  );
}

const width = 120;
const height = 28;
