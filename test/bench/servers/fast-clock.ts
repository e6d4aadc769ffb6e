// Imported before a program: its clock runs `speed` times as fast since `from`, and is `ahead` milliseconds ahead.

const parameters = new URL(import.meta.url).searchParams
const [speed, from, ahead] = ['speed', 'from', 'ahead'].map((name) => Number(parameters.get(name)))
const now = Date.now
Date.now = () => from! + (now() - from!) * speed! + ahead!
