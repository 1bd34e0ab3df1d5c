/**
 * How a folder says that texts become vectors: the files of sentence-transformers beside a
 * checkpoint or an adapter. It reads small JSON files and keeps no state.
 */
@NullMarked
package dev.weft.format.pooling;

import org.jspecify.annotations.NullMarked;
