package router

// See FIONREAD(2const).
const fionread = 0x541b
