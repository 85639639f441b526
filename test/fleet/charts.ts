import * as echarts from 'echarts';

/** One line of a chart: requests per second, for each minute. */
export interface Line {
  readonly name: string;
  readonly rates: readonly number[];
  /** The product's own line is drawn on top. */
  readonly isOurs: boolean;
}

/** The content of a chart, between two hours of the day. */
export interface Chart {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Minutes since midnight. */
  readonly from: number;
  readonly to: number;
  /** A highlighted period, in minutes since midnight. */
  readonly marked?: { readonly name: string; readonly from: number; readonly to: number };
}

const ink = '#1f2328';
const grid = '#d1d9e0';
/** Distinguishable on white and on black, also with color vision deficiency (Okabe and Ito). */
const others = ['#e69f00', '#56b4e9', '#009e73', '#cc79a7'];
const ours = '#d55e00';

/** A chart as SVG, with colors for light and dark pages. */
export function svgOf({ title, lines, from, to, marked }: Chart): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 880, height: 420 });
  const text = { color: ink, fontFamily: 'system-ui, sans-serif' };
  const axis = {
    axisLabel: { ...text },
    axisLine: { lineStyle: { color: grid } },
    splitLine: { lineStyle: { color: grid } },
  };
  let which = 0;
  chart.setOption({
    animation: false,
    title: { text: title, left: 8, textStyle: { ...text, fontSize: 15, fontWeight: 600 } },
    legend: { bottom: 4, textStyle: text, icon: 'roundRect', itemGap: 24, itemWidth: 16 },
    grid: { left: 56, right: 20, top: 44, bottom: 64 },
    xAxis: {
      ...axis,
      type: 'value',
      min: from,
      max: to,
      interval: to - from > 300 ? 60 : 15,
      axisLabel: { ...text, formatter: clockTime },
    },
    yAxis: { ...axis, type: 'value' },
    series: lines.map(({ name, rates, isOurs }) => {
      const color = isOurs ? ours : (others[which++ % others.length] ?? ours);
      return {
        name,
        type: 'line',
        data: rates.slice(from, to).map((rate, at) => [from + at, Number(rate.toFixed(3))]),
        showSymbol: false,
        z: isOurs ? 3 : 2,
        itemStyle: { color },
        lineStyle: { color, width: isOurs ? 2.5 : 1.2 },
        ...(isOurs && marked !== undefined
          ? {
              markArea: {
                silent: true,
                itemStyle: { color: grid, opacity: 0.5 },
                label: { ...text, position: 'insideTop' },
                data: [[{ name: marked.name, xAxis: marked.from }, { xAxis: marked.to }]],
              },
            }
          : {}),
      };
    }),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // The library supports one set of colors; dark pages need separate ones for text and lines.
  const dark = `<style>@media (prefers-color-scheme:dark){[fill="${ink}"]{fill:#f0f6fc}[stroke="${grid}"]{stroke:#3d444d}[fill="${grid}"]{fill:#3d444d}}</style>`;
  return `${svg.replace(/(<svg[^>]*>)/, `$1\n${dark}`)}\n`;
}

function clockTime(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return `${hours}:${String(minutes % 60).padStart(2, '0')}`;
}
