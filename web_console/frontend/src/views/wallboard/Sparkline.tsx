import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Today } from "../../data/indicators";

const HEIGHT = 96;

/** Offered as grey columns, answered as a line over them; hours that are not over have nothing yet. */
export default function Sparkline({ hours }: { hours: Today["hours"] }) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const plot = new uPlot(options(element.clientWidth, element), series(hours), element);
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [hours, scheme]);
  return <div ref={place} style={{ height: HEIGHT }} aria-hidden="true" data-testid="sparkline" />;
}

/** The whole day, so that the line grows to the right as the day goes on. */
function series(hours: Today["hours"]): uPlot.AlignedData {
  const day = Array.from({ length: 24 }, (_, hour) => hour);
  const last = Math.max(...hours.map((each) => each.hour));
  const of = (name: "offered" | "answered") => day.map((hour) => hours.find((each) => each.hour === hour)?.[name] ?? (hour <= last ? 0 : null));
  return [day, of("offered"), of("answered")];
}

function options(width: number, element: HTMLElement): uPlot.Options {
  const color = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const axis = { stroke: color("--ink-2"), grid: { show: false }, ticks: { show: false }, font: "12px sans-serif" };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, 23.6] }, y: { range: (_plot, _low, high) => [0, Math.max(4, high * 1.1)] } },
    axes: [{ ...axis, size: 22, splits: () => [0, 6, 12, 18, 23], values: (_plot, hours) => hours.map((hour) => `${hour}:00`) }, { show: false }],
    series: [
      {},
      { stroke: color("--rule-strong"), fill: color("--rule"), width: 1, paths: uPlot.paths.bars!({ size: [0.7, 40] }), points: { show: false } },
      { stroke: color("--accent-text"), width: 2.5, points: { show: true, size: 5, fill: color("--accent-text") } },
    ],
  };
}
