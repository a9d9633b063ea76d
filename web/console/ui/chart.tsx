/** One ECharts drawing in the colours of the page. Only pages that show figures load it. */
import { useEffect, useRef, useState } from 'react';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { theme } from 'antd';

echarts.use([
  BarChart,
  LineChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  AriaComponent,
  SVGRenderer,
]);

interface Props {
  /** What the drawing says, for those who do not see it. */
  label: string;
  option: echarts.EChartsCoreOption;
  /** Pixels. */
  height?: number;
  /** A click on a bar, or Enter on the one that the arrow keys reached, opens what it counts; none = nothing to open. */
  opens?: { label: string; at: string[]; open: (index: number) => void };
}

export function Chart({ label, option, height = 260, opens }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const { token } = theme.useToken();
  const [reached, setReached] = useState(0);
  const open = useRef(opens?.open);
  open.current = opens?.open;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = echarts.init(element, null, { renderer: 'svg' });
    chart.current = drawn;
    drawn.on('click', ({ dataIndex }) => {
      open.current?.(dataIndex);
    });
    const watch = new ResizeObserver(() => {
      drawn.resize();
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => {
    const axis = {
      axisLabel: { color: token.colorTextTertiary },
      axisLine: { lineStyle: { color: token.colorBorderSecondary } },
      splitLine: { lineStyle: { color: token.colorBorderSecondary } },
    };
    chart.current?.setOption(
      {
        animation: false,
        aria: { enabled: true, label: { description: label } },
        color: [token.colorPrimary, token.colorWarning, token.colorError],
        textStyle: { fontFamily: token.fontFamily },
        grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
        tooltip: {
          trigger: 'axis',
          backgroundColor: token.colorBgElevated,
          borderColor: token.colorBorderSecondary,
          textStyle: { color: token.colorText },
        },
        // At the top: below it would lie on the names of the axis.
        legend: { top: 0, textStyle: { color: token.colorTextSecondary } },
        ...option,
        xAxis: { ...axis, ...(option['xAxis'] as object) },
        yAxis: { ...axis, ...(option['yAxis'] as object) },
      },
      { notMerge: true },
    );
  }, [label, option, token]);
  const last = (opens?.at.length ?? 0) - 1;
  const now = Math.min(reached, Math.max(0, last));
  const reach = (index: number) => {
    setReached(index);
    chart.current?.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: index });
  };
  const step: Record<string, () => void> = {
    ArrowLeft: () => {
      reach(Math.max(0, now - 1));
    },
    ArrowRight: () => {
      reach(Math.min(last, now + 1));
    },
    Enter: () => opens?.open(now),
  };
  const slider = opens &&
    last >= 0 && {
      role: 'slider',
      tabIndex: 0,
      'aria-label': opens.label,
      'aria-valuemin': 0,
      'aria-valuemax': last,
      'aria-valuenow': now,
      'aria-valuetext': opens.at[now],
      'data-testid': 'chart-opens',
    };
  // Always two elements: the inner one is the drawing's, which writes its own role on it.
  return (
    <div
      className="chart-opens"
      {...slider}
      onFocus={() => {
        if (slider) reach(now);
      }}
      onKeyDown={(event) => {
        const run = slider && step[event.key];
        if (!run) return;
        event.preventDefault();
        run();
      }}
    >
      <div ref={place} role="img" aria-label={label} style={{ height }} />
    </div>
  );
}
