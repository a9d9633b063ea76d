/** One ECharts drawing in the colours of the page. Only pages that show figures load it. */
import { useEffect, useRef } from 'react';
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
}

export function Chart({ label, option, height = 260 }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const { token } = theme.useToken();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = echarts.init(element, null, { renderer: 'svg' });
    chart.current = drawn;
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
        legend: { textStyle: { color: token.colorTextSecondary } },
        ...option,
        xAxis: { ...axis, ...(option['xAxis'] as object) },
        yAxis: { ...axis, ...(option['yAxis'] as object) },
      },
      { notMerge: true },
    );
  }, [label, option, token]);
  return <div ref={place} role="img" aria-label={label} style={{ height }} />;
}
