"""No certificate through which a mesh issues others is about to end.

## Why
Each certificate of a workload is good only as long as all above it are. Istiod does not look:
it goes on issuing certificates of a day through an intermediate that ends in an hour. When an
intermediate or a root ends, all mutual TLS of the mesh fails at once, and a new root takes
days to bring to every proxy. The root is what people watch; it is the intermediate that ends.

## Pass
The roots that the meshes issue from, and every intermediate between them and the workloads, last
longer than `--expires-within` says: 30 days. An old root that is kept beside a new one is no
matter: nothing is issued from it.

## Fail
One of them ends within those days, has ended, or has not begun. It is only worth knowing
where cert-manager keeps the Secret, and will renew it.

## Unknown
No Secret of the CA was collected: what else shows a root shows nothing of what is below it, and
it may be an old root or the copy of one that was renewed since. So where it is about to end it
cannot be told whether workloads are issued from it.

## Fix
Renew an intermediate in time, with the same root: nobody has to accept anything new. Begin
with a new root while the old one has months to go, and let both be accepted meanwhile. The root
that istiod made itself it renews itself, with the same key. Where workloads' certificates live
long (`SECRET_TTL`, a day unless somebody changed it), look farther ahead than they live.
"""

from auditor.api import (
    ISSUERS,
    RENEWING,
    Certificate,
    Cluster,
    Field,
    Issuer,
    Outcome,
    Remedy,
    Seen,
    Severity,
    issuers_of_meshes,
    renewed_by_cert_manager,
    rule,
)


@rule(
    id="ca-lifetime",
    family="trust",
    severity=Severity.WARNING,
    over=issuers_of_meshes,
    reads=[ISSUERS, RENEWING],
    references=[
        "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
        "https://istio.io/latest/docs/ops/configuration/security/root-transition/",
        "https://github.com/istio/istio/issues/18990",
    ],
)
def ca_lifetime(issuer: Issuer, cluster: Cluster) -> Outcome:
    certificate = issuer.certificate
    ending = end_of(certificate, cluster)
    if not ending:
        said = f"lasts until {certificate.not_after:%Y-%m-%d}"
        return Outcome.passed(said, certificate.shown)
    names = " and ".join(mesh.id for mesh in issuer.meshes)
    if issuer.issues is None:
        said = f"{ending}; it cannot be told whether {names} issues from it"
        return Outcome.unknown(said, certificate.shown)
    if not issuer.issues:
        return Outcome.passed(f"{ending}; nothing is issued from it", certificate.shown)
    said = f"{ending}; {'root' if issuer.is_root else 'intermediate'} of {names}"
    marks = Seen((issuer,)).each(cluster.model(ISSUERS).renewed_by).so_far
    renewing = bool(marks) and certificate.holds(cluster.now)
    return Outcome.failed(
        f"{said}, which cert-manager renews" if renewing else said,
        certificate.shown,
        *marks,
        remedies=[remedy(issuer, marks, cluster)],
        severity=Severity.INFO if renewing else None,
    )


def remedy(issuer: Issuer, marks: tuple[Field, ...], cluster: Cluster) -> Remedy:
    if marks:
        return renewed_by_cert_manager(marks[0])
    roots = cluster.model(ISSUERS).all().where(lambda it: it.is_above(issuer))
    above = roots.where(lambda it: end_of(it.certificate, cluster)).so_far
    return cluster.model(RENEWING).renewed(issuer, ends_above=bool(above))


def end_of(certificate: Certificate, cluster: Cluster) -> str:
    """That a certificate ends early, in words; empty where it does not."""
    now, end = cluster.now, certificate.not_after
    if now < certificate.not_before:
        return f"holds only from {certificate.not_before:%Y-%m-%d} on"
    if now > end:
        return f"ended on {end:%Y-%m-%d}"
    if now + cluster.ahead <= end:
        return ""
    days = (end - now).days
    return f"ends on {end:%Y-%m-%d}, in {days} day{'' if days == 1 else 's'}"
