/** The keys that Weft shares with Truss, as a Truss file has them, and what they ask for. */
@NullMarked
package dev.weft.deployment.truss;

import org.jspecify.annotations.NullMarked;
