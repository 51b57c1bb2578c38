import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ReactNode, useRef } from 'react';
import { useNotice } from '../../../ui/notice.tsx';
import { useWords } from '../../../words/words.ts';
import { saveSvg } from './save-svg.ts';

/** A picture with its name, a way to take it along, and the figures behind it. */
export function Chart(props: { title: string; about: ReactNode; name: string; picture: ReactNode; table: ReactNode }) {
  const { title, about, name, picture, table } = props;
  const say = useWords();
  const notice = useNotice();
  const figure = useRef<HTMLElement>(null);
  const save = () => {
    const svg = figure.current?.querySelector<SVGSVGElement>('.chart-picture > svg');
    if (svg) saveSvg(svg, name).catch(notice.failed);
  };
  return (
    <figure className="chart" ref={figure}>
      <figcaption className="chart-head">
        <h2>{title}</h2>
        <Button size="small" type="text" icon={<DownloadOutlined />} onClick={save}>
          {say('report.chart.export')}
        </Button>
        {about && <span className="quiet chart-about">{about}</span>}
      </figcaption>
      <div className="chart-picture">{picture}</div>
      {table && (
        <details className="fold">
          <summary>{say('report.chart.table')}</summary>
          <div className="scroll">{table}</div>
        </details>
      )}
    </figure>
  );
}

/** A position 0…1 as the percentage that SVG geometry takes: pictures stretch, their lettering does not. */
export function at(share: number): string {
  return `${Number((Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * 100).toFixed(3))}%`;
}
