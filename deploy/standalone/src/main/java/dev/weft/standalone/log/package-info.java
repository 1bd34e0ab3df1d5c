/** One log for all services of the process, on standard error. */
@NullMarked
package dev.weft.standalone.log;

import org.jspecify.annotations.NullMarked;
