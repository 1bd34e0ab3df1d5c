/** How commands print their answers to standard output. */
@NullMarked
package dev.weft.standalone.output;

import org.jspecify.annotations.NullMarked;
