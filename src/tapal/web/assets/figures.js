// Charts drawn from the tables that stand beside them: the table is the truth, also without script.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const MOST_BARS = 24;
// Told apart also by who does not see colours well: dark, bright, middle.
const COLOURS = { light: ["#0b6464", "#e08a00", "#7b5ea7"], dark: ["#4fbcbc", "#f4c268", "#b9a3e0"] };

function read(place) {
  const table = document.getElementById(place.dataset.table);
  const shown = place.dataset.shown.split(" ").map(Number);
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const told = [...table.tBodies[0].rows].filter((row) => row.querySelector("[data-value]:not([data-value='0'])"));
  const rows = told.slice(0, place.dataset.chart === "line" ? undefined : MOST_BARS);
  return {
    names: rows.map((row) => row.cells[0].textContent.trim()),
    series: shown.map((column) => ({
      name: heads[column],
      // A number that is kept back is a gap, not nothing.
      data: rows.map((row) => {
        const value = row.cells[column].dataset.value;
        return value === undefined ? null : Number(value);
      }),
    })),
  };
}

function options(place) {
  const style = getComputedStyle(document.body);
  const ink = style.color;
  const line = style.getPropertyValue("--desk-line").trim() || "#888";
  const dark = document.documentElement.dataset.bsTheme === "dark";
  const { names, series } = read(place);
  const hours = place.dataset.table.endsWith("by_hour");
  const flat = place.dataset.chart === "bar" && !hours;
  const words = { type: "category", data: names, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  words.axisLabel = { color: ink, hideOverlap: true, width: flat ? 120 : undefined, overflow: "truncate" };
  const numbers = { type: "value", minInterval: 1, axisLabel: { color: ink, hideOverlap: true }, splitLine: { lineStyle: { color: line } } };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    color: COLOURS[dark ? "dark" : "light"],
    textStyle: { fontFamily: style.fontFamily, color: ink },
    legend: { top: 0, textStyle: { color: ink }, itemHeight: 10 },
    grid: { left: 4, right: 16, top: 32, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: flat ? numbers : words,
    yAxis: flat ? { ...words, inverse: true } : numbers,
    series: series.map((each, number) => ({
      ...each,
      // Of one or two days there is no line.
      type: names.length > 2 ? place.dataset.chart : "bar",
      symbol: ["circle", "rect", "triangle"][number],
      symbolSize: 7,
      barMaxWidth: 18,
    })),
  };
}

// A chart that says nothing (all its numbers are kept back) is not drawn: its table stands open.
const drawable = (place) => read(place).series.some((each) => each.data.some((value) => value > 0));

for (const place of [...document.querySelectorAll("[data-chart]")].filter(drawable)) {
  place.hidden = false;
  const rows = read(place).names.length;
  if (place.dataset.chart === "bar" && !place.dataset.table.endsWith("by_hour")) {
    place.style.height = `${Math.min(34, Math.max(9, 4 + rows * 2.2))}rem`;
  }
  const chart = echarts.init(place);
  chart.setOption(options(place));
  new ResizeObserver(() => chart.resize()).observe(place);
  const details = place.parentElement.querySelector("details");
  if (details) details.open = false;
}
