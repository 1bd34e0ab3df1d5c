@NullMarked
package dev.weft.inference.server.access;

import org.jspecify.annotations.NullMarked;
