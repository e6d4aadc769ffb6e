// The drawings that only the console has; of the others, it has the names (elements/kit/icons.ts).

export { browser, copy, download, laptop, plus, trash } from '../../elements/kit/icons.ts'

export const ban = 'M17.2 10a7.2 7.2 0 1 1-14.4 0 7.2 7.2 0 0 1 14.4 0ZM5 5l10 10'
export const chart = 'M3.5 3v12.5a1 1 0 0 0 1 1H17M7 13V9.5M10.5 13V6M14 13v-4.5'
export const door = 'M5 17V4.5A1.5 1.5 0 0 1 6.5 3h7A1.5 1.5 0 0 1 15 4.5V17M3 17h14M12 10v.1'
export const dots = 'M5 10h.1M10 10h.1M15 10h.1'
export const guests =
  'M10.3 6.8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0ZM2.5 16c0-2.9 2.2-4.7 5-4.7s5 1.8 5 4.7M13 4.2a2.8 2.8 0 0 1 0 5.2M14.5 11.7c1.8.6 3 2.1 3 4.3'
export const hook = 'M8.5 13.5H6A3.5 3.5 0 0 1 6 6.5h2.5M11.5 6.5H14a3.5 3.5 0 0 1 0 7h-2.5M7 10h6'
export const list = 'M7 5.5h10M7 10h10M7 14.5h10M3.3 5.5h.1M3.3 10h.1M3.3 14.5h.1'
export const lock =
  'M6 9h8a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2ZM6.8 9V6.2a3.2 3.2 0 0 1 6.4 0V9'
export const search = 'M14.5 9a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0ZM13.2 13.2l3.6 3.6'
export const sliders =
  'M3 6h7M14 6h3M3 14h3M10 14h7M14 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM10 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z'
export const undo = 'M7 4.5 3.5 8 7 11.5M3.5 8h8a4.5 4.5 0 0 1 0 9H8'
export const gear =
  'M12.6 10a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0ZM10 2.8v2M10 15.2v2M2.8 10h2M15.2 10h2M4.9 4.9l1.4 1.4M13.7 13.7l1.4 1.4M4.9 15.1l1.4-1.4M13.7 6.3l1.4-1.4'
