@NullMarked
package dev.weft.gateway.access;

import org.jspecify.annotations.NullMarked;
