/** The repository's own scripts, with programs that take the place of the machine's. */
@NullMarked
package dev.weft.system.script;

import org.jspecify.annotations.NullMarked;
