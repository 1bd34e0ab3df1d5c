/**
 * What the three services have in common as Spring Boot applications: the parts of Boot that they
 * use, their HTTP server, and the order in which they start and end.
 */
@NullMarked
package dev.weft.service;

import org.jspecify.annotations.NullMarked;
