import { ana, approving, ben, cho, denying } from '../people.ts';
import type { RunChanges } from './setupWorld.ts';
import { oktaApiSlips } from './oktaApi.rows.ts';
import { samlResponseSlips } from './samlResponse.rows.ts';
import { fault, inAws, inKiro, inOkta, typed } from './slip.ts';
import type { Slip, SlippedWorld } from './slip.ts';

const day = 24 * 3600_000;
const eli = 'eli@example.com';
const fay = 'fay@example.com';
const replaced = (text: string | undefined, from: string | RegExp, to: string): string =>
  (text ?? '').replace(from, to);

/** The metadata before a slip. */
let saved = '';

export const identityCenterSlips: readonly Slip[] = [
  {
    slip: 'The Region belongs to another AWS partition',
    check: 'identityCenter.startUrl',
    reason: 'partitionDiffers',
    changes: region('cn-north-1'),
  },
  {
    slip: 'The start URL is missing',
    check: 'identityCenter.startUrl',
    reason: 'notStartUrl',
    changes: typed(({ accessPortal: identityCenter }) => ({
      ...(identityCenter === undefined
        ? {}
        : { accessPortal: { ...identityCenter, startUrl: 'https://console.aws.amazon.com/singlesignon' } }),
    })),
  },
  {
    slip: 'The Region isn’t the one of this Identity Center',
    check: 'identityCenter.deviceAuthorization',
    reason: 'invalidStartUrl',
    changes: region('us-east-1'),
  },
  {
    slip: 'Another server answers at the access portal’s address',
    check: 'identityCenter.portal',
    reason: 'notPortal',
    make: fault({ at: 'identityCenter.portal.assignment.accounts', status: 200, body: '{}' }),
  },
  {
    slip: 'The person can’t sign in',
    check: 'identityCenter.signIn',
    reason: 'signInDenied',
    changes: { person: denying },
  },
  {
    slip: 'A web page was saved instead of the metadata',
    check: 'saml.metadata',
    reason: 'webPage',
    changes: typed(() => ({ metadataXml: '<html><body>Sign in</body></html>' })),
  },
  {
    slip: 'The metadata of IAM Identity Center was saved instead of Okta’s',
    check: 'saml.metadata',
    reason: 'notIdentityProvider',
    changes: typed(({ metadataXml }) => ({
      metadataXml: replaced(metadataXml, /IDPSSODescriptor/g, 'SPSSODescriptor'),
    })),
  },
  {
    slip: 'The metadata has no entity ID',
    check: 'saml.metadata',
    reason: 'noEntityId',
    changes: typed(({ metadataXml }) => ({ metadataXml: replaced(metadataXml, /entityID="[^"]*"/, '') })),
  },
  {
    slip: 'The sign-on URL uses http',
    check: 'saml.signOn',
    reason: 'signOnNotHttps',
    changes: typed(({ metadataXml }) => ({
      metadataXml: replaced(metadataXml, /Location="[^"]*"/g, 'Location="http://example.okta.com/sso/saml"'),
    })),
  },
  {
    slip: 'The sign-on URL has a binding that Identity Center doesn’t use',
    check: 'saml.signOn',
    reason: 'signOnBinding',
    changes: typed(({ metadataXml }) => ({
      metadataXml: replaced(metadataXml, /bindings:HTTP-(POST|Redirect)/g, 'bindings:SOAP'),
    })),
  },
  {
    slip: 'The signing certificate has expired',
    check: 'saml.certificates',
    reason: 'certificateExpired',
    make: certificateUntil(-day),
  },
  {
    slip: 'The signing certificate expires in three weeks',
    check: 'saml.certificates',
    reason: 'certificateEndsSoon',
    state: 'warning',
    make: certificateUntil(21 * day),
  },
  {
    slip: 'The certificate was cut off',
    check: 'saml.certificates',
    reason: 'certificateUnreadable',
    changes: typed(({ metadataXml }) => ({
      metadataXml: replaced(metadataXml, /(X509Certificate>)[^<]{200}/, '$1'),
    })),
  },
  {
    slip: 'The metadata file is empty',
    check: 'saml.metadata',
    reason: 'empty',
    changes: typed(() => ({ metadataXml: '' })),
  },
  {
    slip: 'The metadata was copied from the browser’s window',
    check: 'saml.metadata',
    reason: 'browserView',
    changes: typed(({ metadataXml = '' }) => ({
      metadataXml: `This XML file does not appear to have any style information associated with it.\n${metadataXml}`,
    })),
  },
  {
    slip: 'The metadata was edited by hand',
    check: 'saml.metadata',
    reason: 'notWellFormed',
    changes: typed(({ metadataXml }) => ({
      metadataXml: replaced(metadataXml, '</md:KeyDescriptor>', ''),
    })),
  },
  {
    slip: 'The metadata is from AWS Account Federation',
    check: 'saml.application',
    reason: 'mistakenApplication',
    changes: typed(({ metadataXml }) => ({
      metadataXml: replaced(metadataXml, /amazon_aws_sso/g, 'amazon_aws'),
    })),
  },
  {
    slip: 'The entity ID belongs to another application',
    check: 'saml.application',
    reason: 'applicationIdDiffers',
    changes: typed(({ metadataXml }) => ({
      metadataXml: replaced(metadataXml, /entityID="[^"]*"/, 'entityID="http://www.okta.com/exk1b2c3d4"'),
    })),
  },
  {
    slip: 'The certificate was renewed after the metadata was saved',
    check: 'saml.published',
    reason: 'certificateReplaced',
    make: async (world) => {
      saved = world.chain.samlApplication.metadata();
      return certificateUntil(3650 * day)(world);
    },
    changes: typed(() => ({ metadataXml: saved })),
  },
  {
    slip: 'The ACS URL and the issuer URL are swapped',
    check: 'saml.acsUrl',
    reason: 'notAcsUrl',
    changes: typed(({ samlIssuerUrl = '' }) => ({ acsUrl: samlIssuerUrl })),
  },
  {
    slip: 'The ACS URL is for another Region, which may be an additional one',
    check: 'saml.acsUrl',
    reason: 'otherRegion',
    state: 'inconclusive',
    changes: typed(() => ({
      oktaApiToken: '',
      awsProfile: '',
      samlResponse: '',
      acsUrl:
        'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/85f2a8f3-9efd-4a5d-82d4-536a359a8c35',
    })),
  },
  {
    slip: 'The ACS URL was pasted into the issuer URL field',
    check: 'saml.issuerUrl',
    reason: 'notSamlIssuer',
    changes: typed(({ acsUrl = '' }) => ({ samlIssuerUrl: acsUrl })),
  },
  {
    slip: 'The issuer URL belongs to another AWS partition',
    check: 'saml.issuerUrl',
    reason: 'partitionDiffers',
    changes: typed(() => ({
      samlIssuerUrl: 'https://cn-north-1.signin.amazonaws.cn/platform/saml/d-1234567890',
    })),
  },
  {
    slip: 'The issuer URL belongs to another Identity Center in the Region',
    check: 'saml.issuerUrl',
    reason: 'directoryDiffers',
    changes: typed(({ samlIssuerUrl }) => ({
      samlIssuerUrl: replaced(samlIssuerUrl, /d-\w+$/, 'd-1234567890'),
    })),
  },
  {
    slip: 'The ACS URL isn’t an AWS address',
    check: 'saml.acsUrl',
    reason: 'notAws',
    changes: typed(() => ({ acsUrl: 'https://elsewhere.example/platform/saml/acs/1' })),
  },
  {
    slip: 'The SCIM endpoint is missing its tenant ID',
    check: 'scim.endpoint',
    reason: 'noTenant',
    changes: typed(({ scimEndpoint }) => ({
      scimEndpoint: replaced(scimEndpoint, /[^/]+\/scim\/v2$/, 'scim/v2'),
    })),
  },
  {
    slip: 'The SCIM endpoint ends in a slash',
    check: 'scim.endpoint',
    reason: 'trailingSlash',
    changes: typed(({ scimEndpoint = '' }) => ({ scimEndpoint: `${scimEndpoint}/` })),
  },
  {
    slip: 'The SCIM endpoint uses http',
    check: 'scim.endpoint',
    reason: 'notHttps',
    changes: typed(() => ({ scimEndpoint: 'http://scim.eu-central-1.amazonaws.com/1f2/scim/v2' })),
  },
  {
    slip: 'The SCIM endpoint is in another Region',
    check: 'scim.token',
    reason: 'tokenRefused',
    changes: typed(({ scimEndpoint = '' }) => ({
      scimEndpoint: scimEndpoint.replace('eu-central-1', 'us-east-1'),
    })),
  },
  {
    slip: 'The SCIM token was revoked',
    check: 'scim.token',
    reason: 'tokenRefused',
    changes: typed(() => ({ scimToken: 'a-token-of-last-year' })),
  },
  {
    slip: 'The SCIM token is wrong, and the endpoint shows its configuration to anyone',
    check: 'scim.token',
    reason: 'tokenRefused',
    make: fault({ at: 'identityCenter.scim:listUsers', status: 401, body: '{}', times: 9 }),
  },
  {
    slip: 'The endpoint returns another person',
    check: 'scim.person',
    reason: 'filterIgnored',
    state: 'inconclusive',
    make: fault({
      at: 'identityCenter.scim:listUsers',
      status: 200,
      body: '{"totalResults":1,"Resources":[{"id":"z","userName":"zoe@example.com","active":true}]}',
      times: 9,
    }),
  },
  {
    slip: 'The SCIM token isn’t allowed to read users',
    check: 'scim.token',
    reason: 'tokenForbidden',
    make: ({ chain }) => {
      chain.federated.scim.forbid(true);
      return () => {
        chain.federated.scim.forbid(false);
      };
    },
  },
  {
    slip: 'Nothing is at the SCIM endpoint’s address',
    check: 'scim.token',
    reason: 'scimNotFound',
    make: ({ chain: { faults } }) => {
      for (const at of ['serviceProviderConfig', 'listUsers'])
        faults.add({ at: `identityCenter.scim:${at}`, status: 404, body: '{}' });
      return () => faults.clear();
    },
  },
  {
    slip: 'The endpoint can’t search by username',
    check: 'scim.read',
    reason: 'filterRefused',
    make: fault({ at: 'identityCenter.scim:listUsers', status: 400, body: '{}', times: 2 }),
  },
  {
    slip: 'An assigned person wasn’t provisioned',
    check: 'scim.person',
    reason: 'personMissing',
    changes: typed(() => ({ userName: fay })),
  },
  {
    slip: 'A provisioned person was deactivated',
    check: 'scim.person',
    reason: 'personInactive',
    changes: typed(() => ({ userName: eli })),
  },
  {
    slip: 'A group is assigned but not pushed',
    check: 'scim.groups',
    reason: 'groupMissing',
    changes: typed(() => ({ groupName: 'Designers' })),
  },
  {
    slip: 'The person isn’t in the pushed group',
    check: 'scim.groups',
    reason: 'notInGroup',
    changes: typed(() => ({ userName: ben })),
    make: ({ chain: { federated } }) => {
      const user = federated.store.userNamed(ben);
      const [group] = federated.store.groups();
      if (user === undefined || group === undefined) throw new Error('Ben was provisioned, with his group.');
      const { id, attributes, members } = group;
      const others = members.filter((one) => one !== user.id);
      federated.store.saveGroup(id, attributes, others);
      return () => federated.store.saveGroup(id, attributes, members);
    },
  },
  {
    slip: 'The service doesn’t know the person',
    check: 'service.answer',
    reason: 'serviceForbids',
    changes: { person: (chain) => approving(chain, cho) },
  },
  {
    slip: 'Okta has the ACS URL of another Identity Center',
    check: 'oktaApi.signOnDetails',
    reason: 'acsUrlDiffers',
    make: inOkta(({ saml }) => {
      for (const one of saml)
        one['settings'] = { app: { ...appOf(one), acsURL: 'https://elsewhere.example/acs' } };
    }),
  },
  {
    slip: 'The issuer URL wasn’t saved in Okta',
    check: 'oktaApi.signOnDetails',
    reason: 'issuerUrlDiffers',
    make: inOkta(({ saml }) => {
      for (const one of saml)
        one['settings'] = { app: { ...appOf(one), entityID: 'https://elsewhere.example/d-1' } };
    }),
  },
  {
    slip: 'Deactivate Users isn’t selected',
    check: 'oktaApi.provisioning',
    reason: 'featuresMissing',
    make: inOkta(({ saml }) => {
      for (const one of saml) one['features'] = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES'];
    }),
  },
  {
    slip: 'An assigned group isn’t under Push Groups',
    check: 'oktaApi.groupPush',
    reason: 'groupsNotPushed',
    make: inOkta(({ groups }) => {
      groups.push({ id: '00g1devsandbox0dsgn7', priority: 1 });
    }),
  },
  {
    slip: 'Okta signs with a certificate that isn’t in the saved metadata',
    check: 'oktaApi.signingKey',
    reason: 'activeKeyNotSaved',
    make: inOkta(({ keys }) => {
      for (const key of keys) key['x5c'] = [Buffer.from('another certificate').toString('base64')];
    }),
  },
  {
    slip: 'Okta’s active certificate expires in three weeks',
    check: 'oktaApi.signingKey',
    reason: 'activeKeyEndsSoon',
    state: 'warning',
    make: inOkta(({ keys }) => {
      for (const key of keys) key['expiresAt'] = new Date(Date.now() + 21 * day).toISOString();
    }),
  },
  {
    slip: 'Someone in the group couldn’t be provisioned',
    check: 'oktaApi.group',
    reason: 'membersNotProvisioned',
    make: inOkta(({ users }) => {
      Object.assign(users[1] ?? {}, { syncState: 'ERROR' });
    }),
  },
  {
    slip: 'The person isn’t assigned to the SAML application',
    check: 'oktaApi.person',
    reason: 'personNotAssigned',
    state: 'fail',
    make: inOkta((resources) => {
      resources.users = resources.users.slice(1);
      resources.members = resources.members.slice(1);
    }),
  },
  ...oktaApiSlips,
  ...samlResponseSlips,
  {
    slip: 'Pushing a group failed',
    check: 'oktaApi.groupPush',
    reason: 'pushNotActive',
    make: inOkta(({ mappings }) => {
      for (const one of mappings)
        Object.assign(one, { status: 'ERROR', errorSummary: 'Group already exists.' });
    }),
  },
  {
    slip: 'Okta has the base URL of another SCIM endpoint',
    check: 'oktaApi.scimEffect',
    reason: 'otherScimEndpoint',
    make: inOkta(({ users }) => {
      for (const one of users) one['externalId'] = 'of-another-endpoint';
    }),
  },
  {
    slip: 'Kiro has no profile for the person',
    check: 'kiro.access',
    reason: 'noKiroProfile',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.profiles = [];
    }),
  },
  {
    slip: 'Kiro refuses the token',
    check: 'kiro.access',
    reason: 'kiroRefused',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.refusesToken = true;
    }),
  },
  {
    slip: 'Kiro’s response to the token has a new format',
    check: 'kiro.access',
    reason: 'kiroChanged',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.hasChanged = true;
    }),
  },
  {
    slip: 'The ACS URL is for a Region without this Identity Center, according to AWS',
    check: 'awsApi.instance',
    reason: 'acsRegionNotEnabled',
    changes: typed(() => ({
      oktaApiToken: '',
      acsUrl:
        'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/85f2a8f3-9efd-4a5d-82d4-536a359a8c35',
    })),
  },
  {
    slip: 'Identity Center is being deleted',
    check: 'awsApi.instance',
    reason: 'instanceNotActive',
    make: inAws(({ instance }) => {
      instance['Status'] = 'DELETE_IN_PROGRESS';
    }),
  },
  {
    slip: 'The AWS profile isn’t allowed to list instances',
    check: 'awsApi.instance',
    reason: 'awsNotPermitted',
    state: 'inconclusive',
    make: inAws(({ denied }) => {
      denied.push('sso:ListInstances');
    }),
    hides: ['awsApi.application', 'awsApi.identitySource', 'awsApi.scimToken'],
  },
  {
    slip: 'The AWS profile isn’t allowed to list Regions, and the ACS URL is in another one',
    check: 'awsApi.instance',
    reason: 'awsNotPermitted',
    state: 'inconclusive',
    make: inAws(({ denied }) => {
      denied.push('sso:ListRegions');
    }),
    changes: typed(() => ({
      oktaApiToken: '',
      samlResponse: '',
      acsUrl:
        'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/85f2a8f3-9efd-4a5d-82d4-536a359a8c35',
    })),
    hides: ['saml.acsUrl'],
  },
  {
    slip: 'The AWS profile is in another account, which has an Identity Center of its own',
    check: 'awsApi.identitySource',
    reason: 'instanceNotSeen',
    state: 'inconclusive',
    make: inAws((resources) => {
      resources.instance = { ...resources.instance, IdentityStoreId: 'd-0987654321' };
    }),
    hides: ['awsApi.instance', 'awsApi.application', 'awsApi.scimToken'],
  },
  {
    slip: 'The key that encrypts the directory was deleted',
    check: 'awsApi.person',
    reason: 'awsKeyNotUsable',
    state: 'inconclusive',
    make: inAws((resources) => {
      resources.unusableKey = true;
    }),
    hides: ['awsApi.people', 'awsApi.group', 'awsApi.assertion', 'awsApi.application'],
  },
  {
    slip: 'Okta’s SAML responses have the audience of another Identity Center',
    check: 'awsApi.assertion',
    reason: 'assertionRefused',
    make: inAws((resources) => {
      resources.events = resources.events.filter(({ name }) => name !== 'UserAuthentication');
      resources.events.push({
        name: 'ExternalIdPDirectoryLogin',
        at: Date.now(),
        errorMessage: 'The audience is another one.',
      });
    }),
  },
  {
    slip: 'AWS refused the last SAML response',
    check: 'awsApi.assertion',
    reason: 'lastAssertionRefused',
    state: 'warning',
    make: inAws(({ events }) => {
      events.push({ name: 'ExternalIdPDirectoryLogin', at: 4e12, errorMessage: 'The response is too old.' });
    }),
  },
  {
    slip: 'The NameID is the email address, but the username differs from it',
    check: 'awsApi.assertion',
    reason: 'nameIdDiffers',
    make: inAws((resources) => {
      resources.events = resources.events.map((event) =>
        event.userName === ana ? { ...event, userName: 'ana.alves@example.com' } : event,
      );
    }),
  },
  {
    slip: 'The person hasn’t signed in through Okta',
    check: 'awsApi.assertion',
    reason: 'personNotInHistory',
    state: 'inconclusive',
    make: inAws((resources) => {
      resources.events = resources.events.filter(({ userName }) => userName !== ana);
    }),
  },
  {
    slip: 'The sign-in event has no username, as in older events',
    check: 'awsApi.assertion',
    reason: 'nameNotShown',
    state: 'inconclusive',
    make: inAws((resources) => {
      resources.events = resources.events.map(({ name, at, credentialType = '', userId = '' }) => ({
        name,
        at,
        ...(userId === '' ? {} : { credentialType, userId }),
      }));
    }),
  },
  {
    slip: 'The identity source was changed back',
    check: 'awsApi.identitySource',
    reason: 'notExternal',
    make: inAws(({ events }) => {
      events.push({ name: 'DisableExternalIdPConfigurationForDirectory', at: 4e12 });
      events.push({ name: 'UserAuthentication', at: 4e12 + day, credentialType: 'PASSWORD' });
    }),
  },
  {
    slip: 'The identity source was changed back, and perhaps enabled again by another account',
    check: 'awsApi.identitySource',
    reason: 'notExternal',
    state: 'inconclusive',
    make: inAws(({ events }) => {
      events.push({ name: 'DisableExternalIdPConfigurationForDirectory', at: 4e12 });
    }),
  },
  {
    slip: 'The identity source was changed long ago, and no one has signed in since',
    check: 'awsApi.identitySource',
    reason: 'notInHistory',
    state: 'inconclusive',
    make: inAws((resources) => {
      resources.events = resources.events.filter(({ name }) => name === 'CreateBearerToken');
    }),
  },
  {
    slip: 'The SCIM token was generated long ago',
    check: 'awsApi.scimToken',
    reason: 'notInHistory',
    state: 'inconclusive',
    make: inAws((resources) => {
      resources.events = resources.events.filter(({ name }) => name !== 'CreateBearerToken');
    }),
  },
  {
    slip: 'The person was deleted from the directory after provisioning',
    check: 'awsApi.person',
    reason: 'personMissing',
    make: inAws(({ users }) => {
      users[ana] = 'missing';
    }),
  },
  {
    slip: 'The person was disabled in AWS',
    check: 'awsApi.person',
    reason: 'personInactive',
    make: inAws(({ users }) => {
      users[ana] = 'DISABLED';
    }),
  },
  {
    slip: 'Someone assigned in Okta was deleted from the directory',
    check: 'awsApi.people',
    reason: 'peopleMissing',
    make: inAws(({ users }) => {
      users[ben] = 'missing';
    }),
  },
  {
    slip: 'The group was pushed without its members',
    check: 'awsApi.group',
    reason: 'notInGroup',
    make: inAws(({ emptyGroups }) => {
      emptyGroups.push('Developers');
    }),
  },
  {
    slip: 'Someone joined the group in Okta after it was pushed',
    check: 'awsApi.members',
    reason: 'membersMissing',
    make: inAws(({ missingInGroups }) => {
      missingInGroups.push(ben);
    }),
  },
  {
    slip: 'The service is disabled',
    check: 'awsApi.application',
    reason: 'serviceDisabled',
    make: inAws(({ applications }) => {
      for (const one of applications) one['Status'] = 'DISABLED';
    }),
  },
  {
    slip: 'No group was added in the service’s console',
    check: 'awsApi.application',
    reason: 'noOneHasService',
    make: inAws((resources) => {
      resources.assignments = [];
    }),
  },
  {
    slip: 'Another group was added in the service’s console',
    check: 'awsApi.application',
    reason: 'groupLacksService',
    make: inAws(({ assignments }) => {
      for (const one of assignments) one['PrincipalId'] = 'another-group';
    }),
  },
  {
    slip: 'The person was added in the service’s console instead of their group',
    check: 'awsApi.application',
    reason: 'personHasService',
    state: 'warning',
    make: (world) =>
      inAws(({ assignments }) => {
        for (const one of assignments)
          Object.assign(one, {
            PrincipalId: world.chain.federated.store.userNamed(ana)?.id,
            PrincipalType: 'USER',
          });
      })(world),
  },
  {
    slip: 'The service isn’t set up',
    check: 'awsApi.application',
    reason: 'serviceNotSeen',
    state: 'inconclusive',
    make: inAws(({ applications }) => {
      for (const one of applications)
        one['ApplicationProviderArn'] = 'arn:aws:sso::aws:applicationProvider/redshift';
    }),
  },
  {
    slip: 'The service lets in everyone in the directory',
    check: 'awsApi.application',
    reason: 'openToEveryone',
    state: 'warning',
    make: inAws((resources) => {
      resources.assignmentRequired = false;
    }),
  },
];

function appOf(application: Readonly<Record<string, unknown>>): object {
  return (application['settings'] as { readonly app: object }).app;
}

function region(name: string): RunChanges {
  return typed(({ accessPortal: identityCenter }) => ({
    ...(identityCenter === undefined ? {} : { accessPortal: { ...identityCenter, region: name } }),
  }));
}

function certificateUntil(fromNow: number) {
  return async ({ chain }: SlippedWorld) => {
    await chain.samlApplication.renewCertificate(Date.now() + fromNow);
    return () => chain.samlApplication.renewCertificate(Date.now() + 3650 * day);
  };
}
