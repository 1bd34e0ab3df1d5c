@NullMarked
package dev.weft.inference.server.state;

import org.jspecify.annotations.NullMarked;
