// The drawings of the icons: twenty units, a stroke of 1.6, round ends. A page loads only those that it shows.

export const alert = 'M10 3.2 17.6 16a.6.6 0 0 1-.5.9H2.9a.6.6 0 0 1-.5-.9L10 3.2ZM10 8v4M10 14.3v.1'
export const arrow = 'M4 10h12M11 5l5 5-5 5'
export const back = 'M12.5 4.5 7 10l5.5 5.5'
export const browser =
  'M4.5 3.5h11a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2ZM2.5 7.5h15M5.2 5.5h.1M7.2 5.5h.1'
export const check = 'm4.5 10.5 3.6 3.6 7.4-8'
export const chevron = 'm7.5 4.5 5.5 5.5-5.5 5.5'
export const clock = 'M17.2 10a7.2 7.2 0 1 1-14.4 0 7.2 7.2 0 0 1 14.4 0ZM10 6v4.2l2.7 1.6'
export const codes =
  'M5.5 2.5h9a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2ZM7 7h6M7 10h6M7 13h3.5'
export const copy =
  'M9 7h5.5a2 2 0 0 1 2 2v5.5a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2ZM13 4.5a1 1 0 0 0-1-1H5A1.5 1.5 0 0 0 3.5 5v7a1 1 0 0 0 1 1'
export const down = 'm4.8 7.5 5.2 5.2 5.2-5.2'
export const download = 'M10 3v9.5M5.8 8.6 10 12.8l4.2-4.2M3.5 16.5h13'
export const id =
  'M4.5 4h11a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2ZM8.8 9a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0ZM4.8 13.2c.3-1.2 1.1-1.9 2.2-1.9s1.9.7 2.2 1.9M12 8.5h3M12 11.5h3'
export const info = 'M17.2 10a7.2 7.2 0 1 1-14.4 0 7.2 7.2 0 0 1 14.4 0ZM10 9.2v4.3M10 6.6v.1'
export const key =
  'M10.2 13.4a3.6 3.6 0 1 1-7.2 0 3.6 3.6 0 0 1 7.2 0ZM9.2 10.8l7.3-7.3M13.6 6.4l2.6 2.6M11.2 8.8l1.6 1.6'
export const laptop =
  'M5.5 4h9A1.5 1.5 0 0 1 16 5.5V11a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 11V5.5A1.5 1.5 0 0 1 5.5 4ZM2 15.5h16'
export const mail =
  'M4.5 4.5h11a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM3 6l7 5 7-5'
export const off =
  'M2.5 2.5l15 15M5 8.2a8.5 8.5 0 0 1 2.5-1.4M2.5 6.5c.8-.6 1.6-1.1 2.5-1.5M10 5c2.9 0 5.5 1 7.5 2.7M13 9.3c.7.3 1.4.8 2 1.3M8 12.5a3 3 0 0 1 3.5-.2M10 16h.1'
export const out = 'M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3M8.5 10h8M13 6.2 16.8 10 13 13.8'
export const passkey =
  'M11.2 6.2a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0ZM2.5 16.8c0-3.2 2.4-5.2 5.5-5.2 1.1 0 2 .2 2.8.6M17.2 10.4a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0ZM14.6 13v5l1.6-1.5'
export const pencil =
  'M3.5 16.5 4.4 13 13 4.4a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3L7 15.6ZM11.6 5.8l2.6 2.6'
export const plus = 'M10 4v12M4 10h12'
export const print =
  'M6 7V3h8v4M6 14H4.5A1.5 1.5 0 0 1 3 12.5v-4A1.5 1.5 0 0 1 4.5 7h11A1.5 1.5 0 0 1 17 8.5v4a1.5 1.5 0 0 1-1.5 1.5H14M7 11.5h6a1 1 0 0 1 1 1V16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-3.5a1 1 0 0 1 1-1Z'
export const qr =
  'M4 3h3a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM13 3h3a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1h-3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM4 12h3a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-3a1 1 0 0 1 1-1ZM12 12h2v2M17 12v2M12 17h2M16.9 17h.1'
export const shield = 'M10 2.8 16 5v4.6c0 3.7-2.5 6.3-6 7.6-3.5-1.3-6-3.9-6-7.6V5Z'
export const trash =
  'M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5.2 5.5l.7 10a1.5 1.5 0 0 0 1.5 1.4h5.2a1.5 1.5 0 0 0 1.5-1.4l.7-10'
export const up = 'm4.8 12.5 5.2-5.2 5.2 5.2'
export const usb =
  'M8 7.5h4a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2ZM8 7.5V3h4v4.5M10 11.5v2'
export const user =
  'M13.2 6.8a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0ZM3.8 17c0-3.5 2.8-5.6 6.2-5.6s6.2 2.1 6.2 5.6'
export const x = 'm5 5 10 10M15 5 5 15'
