@NullMarked
package dev.weft.protocol.repository;

import org.jspecify.annotations.NullMarked;
