/**
 * What all families of decoders share as they read config.json, as transformers 4 and 5 write it. A
 * family is a package below this one: which fields of config.json it reads, its tensors' names, and
 * its blocks. Whatever would change an answer and is not served becomes a fault that names the
 * field, the value and what is allowed. One thread.
 */
@NullMarked
package dev.weft.format.family;

import org.jspecify.annotations.NullMarked;
