// Package ignore decides which paths the rules of gitignore(5) leave out. It
// matches as git does, byte by byte, and knows nothing of any file system: who
// walks a tree hands it the text of each ignore file as it comes to it, and does
// not go into directories that are left out.
package ignore
