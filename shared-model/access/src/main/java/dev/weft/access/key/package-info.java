/** The key of a request, and its hash. Reads headers; owns nothing; any thread. */
@NullMarked
package dev.weft.access.key;

import org.jspecify.annotations.NullMarked;
