package dev.weft.access.holder;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** The authentication of a known holder. It holds no secret. */
public final class HolderAuthentication extends AbstractAuthenticationToken {
    private final Holder holder;
    private final Object principal;

    /** The holder is the principal of handlers. */
    public HolderAuthentication(Holder holder) {
        this(holder, holder);
    }

    /**
     * Handlers get another principal.
     *
     * @param principal the value of {@code @AuthenticationPrincipal}
     */
    public HolderAuthentication(Holder holder, Object principal) {
        super(List.of(new SimpleGrantedAuthority("ROLE_" + holder.role())));
        this.holder = holder;
        this.principal = principal;
        setAuthenticated(true);
    }

    /** The holder. */
    public Holder holder() {
        return holder;
    }

    @Override
    public Object getPrincipal() {
        return principal;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return holder.name();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
